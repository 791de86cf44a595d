#!/bin/sh
# sshd lets nobody in by a password, only by a key. What else it is told, stays. Not among the steps that run by default.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

# Of two that say something the first counts, and this folder is read first.
file=/etc/ssh/sshd_config.d/00-swarm-host.conf

takes_passwords() { sshd -T 2> /dev/null | grep -qE '^(passwordauthentication|kbdinteractiveauthentication) yes$'; }

keep_file "$file" '# Made by the stack "host".
PasswordAuthentication no
KbdInteractiveAuthentication no'

if [ -n "${HOST_CHECK:-}" ]; then
  if takes_passwords; then differs 'sshd lets in who knows a password' || exit 0; fi
else
  said=$(sshd -t 2>&1) || fail "sshd does not take its configuration: $said" 'correct what it names, then run this again'
  if takes_passwords; then
    fail "sshd still lets in who knows a password: another file says so before $file" \
      'see that /etc/ssh/sshd_config begins with Include /etc/ssh/sshd_config.d/*.conf'
  fi
  # Each time: nobody tells whether it has read the file. Sessions that are there go on.
  if active ssh.service; then systemctl reload ssh.service; fi
fi
ok 'sshd lets nobody in by a password'
