import { FakeServer } from '../../../../support/programs/fake-server';

/** A run that loses its power at one of its changes, and a whole one after it. */
const runs = (dieAt: number, dieWhen: string) => {
  const server = new FakeServer();
  try {
    const first = server.run([], dieAt > 0 ? { DIE_AT: String(dieAt), DIE_WHEN: dieWhen } : {});
    const changes = server.changes();
    const { status, output } = server.run();
    const told = ['groups', 'owner', 'swarm', 'nft', 'sysctl/vm.swappiness', 'audit'].map(
      (name) => [name, server.told(name)] as const,
    );
    const end = { status, output: output.match(/failed.*/)?.[0], files: server.files(), told };
    return { whole: first.status === 0, changes, end };
  } finally {
    server.remove();
  }
};

const reference = runs(0, '');
const points = reference.changes.map((change, index) => ({ point: index + 1, change }));

test('a run changes the server in many places, and one that is left alone reaches its end', () => {
  expect(reference).toMatchObject({ whole: true, end: { status: 0 } });
  expect(points.length).toBeGreaterThan(20);
});

// A change that did not happen is as a cut after the one before, but for an installation, which leaves halves.
test.each([
  ['after', points],
  ['before', points.filter(({ change }) => change.startsWith('apt-get'))],
] as const)(
  'cut off %s a change, the next run ends where a whole one does',
  (when, at) => {
    for (const { point, change } of at) {
      const { whole, end } = runs(point, when);
      expect({ change, whole, end }).toEqual({ change, whole: false, end: reference.end });
    }
  },
  180_000,
);
