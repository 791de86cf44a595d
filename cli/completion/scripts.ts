/** What a shell reads once; the words themselves come from `proctor __complete`, so that they are never old. */
export const SCRIPTS: Readonly<Record<string, string>> = {
  bash: `# source <(./proctor completion bash)
_proctor() {
  local IFS=$'\\n'
  COMPREPLY=($("\${COMP_WORDS[0]}" __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _proctor proctor
`,
  zsh: `# source <(./proctor completion zsh)
_proctor() {
  local -a found
  found=(\${(f)"$("\${words[1]}" __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)"})
  if (( \${#found} )); then compadd -a found; else _files; fi
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
compdef _proctor proctor
`,
  fish: `# ./proctor completion fish | source
function __proctor
  set -l words (commandline -opc)
  set -l last (commandline -ct)
  set -l found ($words[1] __complete $words[2..-1] "$last" 2>/dev/null)
  if set -q found[1]
    printf '%s\\n' $found
  else
    complete -C "'' $last"
  end
end
complete -c proctor -f -a '(__proctor)'
`,
};
