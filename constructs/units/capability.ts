/** Linux' capabilities: capabilities(7), as of Linux 6.12. `ALL` stands for every one. */
const CAPABILITIES = [
  'ALL',
  'AUDIT_CONTROL',
  'AUDIT_READ',
  'AUDIT_WRITE',
  'BLOCK_SUSPEND',
  'BPF',
  'CHECKPOINT_RESTORE',
  'CHOWN',
  'DAC_OVERRIDE',
  'DAC_READ_SEARCH',
  'FOWNER',
  'FSETID',
  'IPC_LOCK',
  'IPC_OWNER',
  'KILL',
  'LEASE',
  'LINUX_IMMUTABLE',
  'MAC_ADMIN',
  'MAC_OVERRIDE',
  'MKNOD',
  'NET_ADMIN',
  'NET_BIND_SERVICE',
  'NET_BROADCAST',
  'NET_RAW',
  'PERFMON',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYSLOG',
  'SYS_ADMIN',
  'SYS_BOOT',
  'SYS_CHROOT',
  'SYS_MODULE',
  'SYS_NICE',
  'SYS_PACCT',
  'SYS_PTRACE',
  'SYS_RAWIO',
  'SYS_RESOURCE',
  'SYS_TIME',
  'SYS_TTY_CONFIG',
  'WAKE_ALARM',
] as const;

export type Capability = (typeof CAPABILITIES)[number];

/** What a container has where nothing is said (moby's `DefaultCapabilities`). */
const DOCKERS: readonly Capability[] = [
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'NET_RAW',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
];

/** Those of them that Docker gives to nobody who does not ask. */
export const beyondDefaults = (names: readonly Capability[]): readonly Capability[] =>
  names.filter((name) => !DOCKERS.includes(name));

/**
 * In a fixed order, each once. The daemon starts no task with a name that it does not know, and `CAP_ALL` is none.
 *
 * @throws for a name that is no capability
 */
export function capabilityNames(names: readonly Capability[]): readonly Capability[] {
  const unknown = names.find((name) => !CAPABILITIES.includes(name));
  if (unknown !== undefined) {
    throw new Error(
      `${JSON.stringify(unknown)} is no Linux capability\n  write it without CAP_, in capitals: ${similar(unknown)}`,
    );
  }
  return [...new Set(names)].sort();
}

function similar(name: string): string {
  const bare = name.toUpperCase().replace(/^CAP_/, '');
  return CAPABILITIES.find((one) => one === bare) ?? 'CHOWN, NET_BIND_SERVICE; ALL for every one';
}
