/**
 * Text for Terraform JSON that must arrive as it is. `${` starts an interpolation and `%{` a directive; `Fn.rawString`
 * escapes only the first, so that `curl -w '%{http_code}'` in a health check would not even validate.
 */
export function literal(text: string): string {
  // As functions: in a replacement string `$$` would be a single `$`.
  return text.replaceAll('${', () => '$${').replaceAll('%{', () => '%%{');
}
