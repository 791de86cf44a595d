import { EXIT_CODES, type Outcome } from '../../../../contract/outcome';
import { report } from '../../../../operations/rollout/report';
import { VERDICT } from '../../../../proof/platform/deploy-command';

test.each(Object.keys(EXIT_CODES) as Outcome[])(
  'the line in which a gate says %s is seen in what a deploy writes',
  (outcome) => {
    const progress = { running: 0, wanted: 1, waitsFor: '' };
    const result = { service: 'web', outcome, reason: 'why', progress, seconds: 9.5, replaced: 0 };
    const where = { host: 'unix:///docker.sock', position: { index: 2, total: 10 } };
    const said = report({ ...result, culprits: [], evidence: new Map() }, where);
    const before = '[2/10] web 0/1 healthy, updating (9.4 s)\n';
    expect(`${before}${said}\n`.match(VERDICT)).toHaveLength(1);
    expect(before.match(VERDICT)).toBeNull();
  },
);
