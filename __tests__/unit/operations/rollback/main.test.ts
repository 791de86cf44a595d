import { runRollback } from '../../../../operations/rollback/main';

test('says which server it is about before it asks it anything', async () => {
  const out = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  const error = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    const target = { host: 'unix:///nonexistent.sock', sshOptions: [], publicHost: 'localhost' };
    expect(await runRollback({ target, stack: 'shop', services: ['web'], yes: true })).toBe(6);
    expect(out.mock.calls).toEqual([['shop at unix:///nonexistent.sock\n']]);
    expect(error.mock.calls.join('')).toContain('nothing was touched\n');
  } finally {
    out.mockRestore();
    error.mockRestore();
  }
});
