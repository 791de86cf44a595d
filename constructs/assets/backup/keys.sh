# shellcheck shell=sh disable=SC2154
# Another password that is to open the repository. What was encrypted stays so: restic encrypts with a key of its own, which each
# password opens. So a password that the repository does not know yet opens nothing, and the one that it was made with goes on to.

# From standard input: an argument is for everybody to read. In memory, where the container has some; sets $given.
read_password() {
  given=$(mktemp -d) || fail settings 'no folder for temporary files can be written' 'mount a tmpfs at /tmp' 78
  cat >"$given/password"
  [ "$(wc -c <"$given/password")" -ge 16 ] ||
    fail settings 'no password of 16 characters or more came on standard input' 'give it there: < FILE' 64
}

opens_with_given() {
  password_file=$given/password
  within_patience cat config --no-lock >/dev/null 2>"$work/said"
  status=$?
  password_file=''
  case $status in 0 | 12) return "$status" ;; *) repository_fault 'opening it' "$status" "$work/said" ;; esac
}

say_whether_it_opens() {
  read_password
  prepare_repository
  if opens_with_given; then put opens true; else put opens false; fi
}

add_password() {
  read_password
  open_repository
  if opens_with_given; then
    say 'it opens with that password already'
    return
  fi
  with_lock key add --new-password-file "$given/password" >/dev/null 2>"$work/said" || repository_fault 'adding a password' $? "$work/said"
  opens_with_given || fail unknown 'the repository does not open with the password that was added' 'keep the older one in force, and report it'
  say 'it opens with that password, too; the older one goes on to, until "restic key remove"'
}
