import { parse } from '../../../../cli/parse/parse';
import { WrongUsage } from '../../../../cli/parse/wrong-usage';

test('options stand anywhere, in both spellings, once or several times', () => {
  const { verb, values, words } = parse([
    ...['rollback', '--yes', 'web', '--ssh-option=-i', '--ssh-option=key', '--stack', 'shop', 'api'],
  ]);
  expect(verb.name).toBe('rollback');
  expect(values).toMatchObject({ yes: true, stack: 'shop', 'ssh-option': ['-i', 'key'], host: undefined });
  expect(words).toEqual(['web', 'api']);
});

test('what stands after -- is a word, whatever it looks like', () => {
  expect(parse(['rollback', '--yes', '--', '--stack'])).toMatchObject({ words: ['--stack'] });
});

test('a verb of two words may be one with a default', () => {
  expect(parse(['lab']).verb.name).toBe('lab up');
  expect(parse(['lab', '--compose'])).toMatchObject({ verb: { name: 'lab up' }, values: { compose: true } });
  expect(parse(['state', 'doctor']).verb.name).toBe('state doctor');
});

test.each<[string[], string]>([
  [['stauts'], 'there is no verb stauts\ndid you mean: status'],
  [['state', 'doctr'], 'there is no verb state doctr\ndid you mean: state doctor'],
  [['lab', 'dwon'], 'there is no verb lab dwon\ndid you mean: lab down'],
  [['image', 'lock'], 'there is no verb image\ndid you mean: images lock'],
  [['xyzzy'], 'there is no verb xyzzy\n./proctor help says what there is'],
  [['state'], 'there is no verb state\ndid you mean: state doctor, state recover'],
  [['deploy', '--yse'], 'there is no option --yse\ndid you mean: --yes'],
  [['deploy', '--xyzzy'], 'there is no option --xyzzy\n./proctor deploy --help says what there is'],
  [['deploy', '--environment'], '--environment has no value\n./proctor deploy --help says what there is'],
  [
    ['deploy', '--environment', '--yes'],
    '--environment has no value\na value that begins with - needs =, as --environment=-value',
  ],
  [['deploy', '--environment='], '--environment has no value\nwrite --environment=<value>'],
  [['releases', 'show'], 'which number?\n./proctor releases show --help says what there is'],
  [['provision', 'begin'], '"begin" is no phase\nwrite one of: prepare, finish'],
])('%j is refused with what to do', (args, message) => {
  const call = () => parse(args);
  expect(call).toThrow(WrongUsage);
  expect(call).toThrow(expect.objectContaining({ message }));
});
