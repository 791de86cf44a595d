/** The id of the service that makes backups. */
export const BACKUP = 'backup';

/** Where it finds what it writes to, where that is a volume or a folder. */
export const REPOSITORY = '/repository';

/** What makes them, where the catalogue names no image; made from `images/backup`. */
export const BACKUP_IMAGE = 'ghcr.io/proctorwise/proctorwise-backup:1.0.0';
