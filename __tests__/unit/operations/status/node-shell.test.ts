import { parseFigures } from '../../../../operations/status/node-shell';

const ANSWER = `Welcome to vps!
0.52 0.41 0.30 2/345 6789
MemTotal:        8000000 kB
MemAvailable:    4000000 kB
Filesystem     1024-blocks     Used Available Capacity Mounted on
/dev/disk/by-label/my data  80000000 30000000  46000000      40% /
end
`;

test('reads load, memory and disk, whatever a login greets with', () => {
  expect(parseFigures(ANSWER, '/data')).toEqual({
    load: [0.52, 0.41, 0.3],
    memory: { totalBytes: 8_192_000_000, availableBytes: 4_096_000_000 },
    disk: { path: '/data', totalBytes: 81_920_000_000, freeBytes: 47_104_000_000 },
  });
});

test.each([
  '',
  'HTTP/1.1 400 Bad Request\r\n\r\n',
  ANSWER.replace(/MemAvail.*/, ''),
  ANSWER.replace(/.*%.*/, ''),
])('makes nothing of half an answer', (text) => {
  expect(parseFigures(text, '/')).toBeUndefined();
});
