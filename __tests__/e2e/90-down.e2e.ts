import { labPaths } from '../../lab/ground/paths';
import { traces } from '../support/traces/lab';
import { describeLab, expectSuccess, killProgram, runProgram } from './support/lab';

const lastly = process.env.E2E_KEEP ? test.skip : test;

describeLab('./proctor lab down', () => {
  lastly('can be killed in the middle', async () => {
    expect((await killProgram('lab down', /processes/)).status).toBeNull();
  });

  lastly('leaves no process, network, mount, control group or file', async () => {
    const paths = labPaths();
    expect((await traces(paths)).length).toBeGreaterThan(0);
    expectSuccess(await runProgram('lab down'));
    expect(await traces(paths)).toEqual([]);
  });

  lastly('has nothing to do the second time', async () => {
    expectSuccess(await runProgram('lab down'));
    expect(await traces(labPaths())).toEqual([]);
  });
});
