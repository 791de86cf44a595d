import { defineVerb, type Option } from '../table/verb';
import { acknowledge, onServer } from './common';

const json = { text: 'one JSON object' } as const satisfies Option;

export const backupNow = defineVerb({
  name: 'backup now',
  summary: 'makes a backup and waits for it',
  details:
    'Makes one beside the schedule, by the same service, and shows how far it is. What is kept is as the catalogue says: nothing older goes before this one is good. Ctrl-C leaves it, and what there was stays.',
  needs: 'server',
  positionals: [],
  options: {
    empty: { text: 'also where nothing is left of what the last backup had' },
    json,
    ...onServer,
  },
  examples: ['backup now', 'backup now --json'],
});

export const backupList = defineVerb({
  name: 'backup list',
  summary: 'the backups: ages, sizes, the last one drilled',
  details:
    'Reads the repository, through the server, and changes nothing. With a log between backups it says back to which moment a restore goes.',
  needs: 'server',
  positionals: [],
  options: { json, ...onServer },
  examples: ['backup list', 'backup list --json'],
});

export const backupCheck = defineVerb({
  name: 'backup check',
  summary: 'whether the repository is whole',
  details:
    'Checks the structure of the repository and reads all that is in it, which takes as long as downloading it. The result is kept there, where `./proctor status` finds it. That a backup can be restored only `./proctor backup drill` shows.',
  needs: 'server',
  positionals: [],
  options: { json, ...onServer },
  examples: ['backup check'],
});

export const backupUnlock = defineVerb({
  name: 'backup unlock',
  summary: 'removes the locks of runs that were killed',
  details:
    'A run that was killed leaves its lock in the repository. The next one removes it where it can tell that nobody is at work, after half an hour in any case; this removes all of them at once. Look first that no backup, restore, drill or check is at work, also from elsewhere: what another run reads could be removed under it. The lock of deploys is another one: `./proctor unlock`.',
  needs: 'server',
  positionals: [],
  options: { json, ...onServer },
  examples: ['backup unlock'],
});

export const backupDrill = defineVerb({
  name: 'backup drill',
  summary: 'restores the newest elsewhere and checks it',
  details:
    'On the node that has the data, beside it: a MariaDB of its own reads the backup, each table is checked and rows are counted, and the server is thrown away. With --start applications come up on it first, with their settings and secrets, and on no network of the platform. The result is what `./proctor status` shows and what lets a plan through that risks data.',
  needs: 'server',
  positionals: [],
  options: {
    start: {
      text: 'start this application on the restored databases, and ask its health; repeatable',
      value: '<service>',
      many: true,
    },
    path: {
      text: "ask these applications this, too; repeatable (default: the paths of the catalogue's probe that they answer)",
      value: '<path>',
      many: true,
    },
    json,
    ...onServer,
  },
  examples: ['backup drill', 'backup drill --start userservice --path /users'],
});

export const backupRestore = defineVerb({
  name: 'backup restore',
  summary: 'brings databases or volumes back, beside or in place',
  details:
    'By default each database comes back as restore_<name>, beside the one in use, and each volume in a folder of its own inside it, which nobody notices. In the place of what there is only by the name of the platform: after a backup of that, which only --snapshot brings back, with everything stopped that writes, which then starts again and is watched as in a deploy. What was there stays as replaced_<name> until --discard or the next restore. One that was interrupted is finished or undone before anybody writes, by the same command again where nobody was left to do it.',
  needs: 'server',
  positionals: [],
  options: {
    at: {
      text: 'as it was at that moment, ISO 8601 with a zone (default: the newest backup before this)',
      value: '<time>',
    },
    snapshot: { text: 'this backup, by the id of ./proctor backup list', value: '<id>' },
    into: { text: 'scratch (default), or the name of the platform: its data is replaced', value: '<name>' },
    database: { text: 'only this one, repeatable (default: all)', value: '<name>', many: true },
    volume: {
      text: 'this volume, repeatable; without --database no database (default: all, in place none)',
      value: '<name>',
      many: true,
    },
    of: { text: 'the backups of another platform in the same place', value: '<platform>' },
    'skip-backup': { text: 'without the fresh backup, where what is there is worth none' },
    discard: { text: 'drop what earlier restores left beside, and restore nothing' },
    json,
    ...onServer,
  },
  examples: [
    'backup restore',
    'backup restore --at 2026-11-27T09:30:00Z --database shop_orders',
    'backup restore --into proctorwise',
  ],
});

export const recover = defineVerb({
  name: 'recover',
  summary: 'a lost server: the platform and its data, from the backups',
  details:
    'From a bare or prepared server, the catalogue, the secrets and the backups to the platform as it was: the server itself, the databases and the backup, the data at the newest moment that is there, then everything else, the entrance last. With the old state or without one. It asks nothing, and refuses where a database has rows or a volume has files that neither a restore nor a schema file has brought. Run again, it goes on where it was.',
  needs: 'stack',
  positionals: [],
  options: {
    at: {
      text: 'as it was at that moment, ISO 8601 with a zone (default: the newest there is)',
      value: '<time>',
    },
    snapshot: { text: 'this backup, without the log that goes on from it', value: '<id>' },
    acknowledge,
    json: { text: 'one JSON object for each deploy, and one for the whole' },
    ...onServer,
  },
  examples: ['recover', 'recover --environment staging'],
});
