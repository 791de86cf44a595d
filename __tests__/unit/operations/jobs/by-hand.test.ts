import { EXIT_NOT_RUN, runByHand } from '../../../../operations/jobs/by-hand';

test('says which server it is about before it asks it anything', async () => {
  const error = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    const target = { host: 'unix:///nonexistent.sock', sshOptions: [], publicHost: 'localhost' };
    const options = { target, stack: 'shop', service: 'web', command: ['env'], registries: [] };
    expect(await runByHand(options, {})).toBe(EXIT_NOT_RUN);
    expect(error.mock.calls[0]).toEqual(['proctor: shop_web at unix:///nonexistent.sock\n']);
  } finally {
    error.mockRestore();
  }
});
