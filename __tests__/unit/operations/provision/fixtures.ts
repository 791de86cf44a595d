import { createHash } from 'node:crypto';
import type { ProvisionSettings } from '../../../../contract/provision';

/** Settings for two databases whose password is `password`. */
export function settingsFor(password: string): ProvisionSettings {
  const hashPrefix = 'proctorwise/db_password/';
  const hash = createHash('sha256').update(`${hashPrefix}${password}`).digest('hex').slice(0, 10);
  return {
    host: 'unix:///nonexistent.sock',
    service: 'proctorwise_mariadb',
    user: 'proctorwise',
    databases: [{ name: 'proctorwise_users' }, { name: 'proctorwise_exams' }],
    characterSet: 'utf8mb4',
    collation: 'utf8mb4_unicode_ci',
    password: { variable: 'db_password', hash, hashPrefix },
    deadlineSeconds: 0,
  };
}
