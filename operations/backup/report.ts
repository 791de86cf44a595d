import type { BackupCommand, BackupReport } from '../../contract/backup';

/** The reports among the lines of a log, as they come; what else is in it is passed over. */
export const reportsIn = (text: string): BackupReport[] =>
  text.split('\n').flatMap((line) => {
    const start = line.indexOf('{"backup":');
    if (start < 0) return [];
    try {
      const report = JSON.parse(line.slice(start)) as BackupReport;
      return typeof report.ok === 'boolean' && typeof report.started === 'string' ? [report] : [];
    } catch {
      return [];
    }
  });

/** The last report of a command. */
export const reportOf = (text: string, command: BackupCommand): BackupReport | undefined =>
  reportsIn(text)
    .filter(({ backup }) => backup === command)
    .at(-1);

/** When it ended, in milliseconds. */
export const endOf = ({ started, seconds }: BackupReport): number => Date.parse(started) + seconds * 1000;
