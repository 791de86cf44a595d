/** What a program said of something that it may not do, and the word of the catalogue that would allow it. */
export interface Complaint {
  readonly line: string;
  readonly hint: string;
}

const READ_ONLY = /read-only file system|\bEROFS\b/i;
const REFUSED = /operation not permitted|\bEPERM\b|permission denied|\bEACCES\b/i;
const PATH = /(?<![\w.])\/(?:[\w.@+-]+\/)*[\w.@+-]+/g;

/** Ordered: the first that matches wins. */
const NEEDS: readonly (readonly [RegExp, string])[] = [
  [/\bl?f?chown/i, "capAdd: ['CHOWN']"],
  [/\b(?:set(?:res|re)?[ug]id|setgroups|initgroups|setpriv|gosu|su-exec)\b/i, "capAdd: ['SETGID', 'SETUID']"],
  [/\b(?:bind|listen)\b.*:\d{1,3}\b|\bport \d{1,3}\b/i, "capAdd: ['NET_BIND_SERVICE'], or a port above 1023"],
  [/raw socket|\bping\b|SOCK_RAW/i, "capAdd: ['NET_RAW']"],
  [/\bkill\b|signal/i, "capAdd: ['KILL']"],
  [/\bchroot\b/i, "capAdd: ['SYS_CHROOT']"],
  [/setpriority|\bnice\b|sched_set/i, "capAdd: ['SYS_NICE']"],
];

/** @param log the last lines of the task */
export function complaintsOf(log: readonly string[]): Complaint[] {
  const found = log.flatMap((line) => {
    if (READ_ONLY.test(line)) return [{ line, hint: writable(line) }];
    if (REFUSED.test(line))
      return [{ line, hint: NEEDS.find(([said]) => said.test(line))?.[1] ?? anyOf(line) }];
    return [];
  });
  // A program that tries again says it again.
  return found.filter(({ line }, at) => found.findIndex((one) => one.line === line) === at);
}

/** The folder that it wanted to write to. */
function writable(line: string): string {
  const path = line.match(PATH)?.at(-1);
  const folder = path?.replace(/\/[^/]*$/, '') || path;
  return folder
    ? `tmpfs: ['${folder}'], where it may be empty at each start`
    : 'tmpfs for the folder that it writes to';
}

const anyOf = (line: string): string =>
  line.match(PATH)
    ? 'user: one who may use that file; or capAdd, see capabilities(7)'
    : 'capAdd, see capabilities(7)';
