import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { labPaths } from '../../../../lab/ground/paths';
import { Scissors } from '../../../../proof/platform/cut';

test('a deploy that never came to the line was not cut off', async () => {
  const scissors = new Scissors(labPaths(join(tmpdir(), 'no-lab-here')));
  scissors.arm({ how: 'killed', line: /^never$/ });
  scissors.see('  something else');
  expect(await scissors.done()).toBe(false);
  scissors.arm({ how: 'killed', line: /^now$/ });
  scissors.see('  now');
  expect(await scissors.done()).toBe(true);
});
