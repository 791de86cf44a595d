import type { Scenario } from '../runner/scenario';
import { newPassword, QUICK, rotation } from './rotate';

/** Cut off at each moment that matters, and run again. */
export const cutDeploys: readonly Scenario[] = (['killed', 'ssh'] as const).flatMap((how) =>
  (
    [
      ['plan', /^Plan: /, 'before anything is done'],
      ['prepared', /password: new one accepted beside/, 'as soon as both passwords are in force'],
      ['rolling', /proctorwise_\w+service .*1\/2/, 'while the first tasks are replaced'],
      ['half', /proctorwise_\w+service converged/, 'when some applications have the new password'],
      ['finished', /password: only the new one is accepted/, 'as soon as the older one is refused'],
    ] as const
  ).map(([at, line, words]) =>
    rotation({
      name: `${how}-${at}`,
      title: `database password, ${how === 'killed' ? 'deploy killed (-9)' : 'ssh cut'} ${words}, run again`,
      before: { change: QUICK },
      steps: [{ ...newPassword, cut: { how, line } }, {}],
    }),
  ),
);
