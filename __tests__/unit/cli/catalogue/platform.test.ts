import { findTarget } from '../../../../cli/catalogue/platform';
import { UsageError } from '../../../../operations/terminal/usage-error';

// Of `provision` and `secrets`, which have no --host.
describe('where a manual deploy goes', () => {
  const DOCKER_HOST = 'ssh://deploy@192.0.2.1';

  test('refuses a DOCKER_HOST of another server than the typed environment’s, and says what to do', () => {
    const refused = () => findTarget({ DOCKER_HOST }, '192.0.2.2', 'staging');
    expect(refused).toThrow(UsageError);
    expect(refused).toThrow(
      /^DOCKER_HOST is ssh:\/\/deploy@192\.0\.2\.1, .*"staging" is deployed to ssh:\/\/root@192\.0\.2\.2:22\nunset DOCKER_HOST, or give it that server$/,
    );
    expect(() => findTarget({ DOCKER_HOST, VPS_HOST: '192.0.2.3' }, '192.0.2.1', 'staging')).toThrow(
      /192\.0\.2\.3/,
    );
  });

  test.each([
    ['its own', '192.0.2.1', 'staging'],
    ['one of an environment whose server nobody says', undefined, 'staging'],
    ['one of an environment that is not typed', '192.0.2.2', undefined],
  ])('takes %s', (_, address, typed) => {
    expect(findTarget({ DOCKER_HOST }, address, typed)).toEqual({ host: DOCKER_HOST });
  });
});
