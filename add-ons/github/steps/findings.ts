import type { Status } from '../../../operations/status/model';
import { Fault } from '../runner/fault';
import { code } from '../text/markdown';
import { PLAN, type PlanText } from './plan-step';

/** What a look at the platform found: what is not as the catalogue says, and what is not well. */
export interface Findings {
  readonly title: string;
  readonly markdown: string;
  /** False when there is nothing to tell: the issue is closed. */
  readonly open: boolean;
}

/** Let's Encrypt's 45 days are renewed after 30: below this a renewal has failed. */
const CERTIFICATE_DAYS = 14;
const UNREACHABLE = 6;

/** In words. @param status exit code of `./proctor status`, for when there is nothing to read */
export function describeFindings(
  planned: PlanText | Fault,
  seen: Status | undefined,
  status: number,
): Findings {
  const ill = seen
    ? illnesses(seen)
    : [status === UNREACHABLE ? 'the server cannot be asked' : '`./proctor status` failed'];
  const plan = driftIn(planned);
  const drift = plan.length > 0;
  const title =
    ill.length > 0
      ? `The platform is not well: ${ill.length} ${ill.length === 1 ? 'thing' : 'things'}`
      : 'The platform has drifted';
  return {
    open: drift || ill.length > 0,
    title: drift || ill.length > 0 ? title : 'The platform is as the catalogue says',
    markdown: [...ill.map((line) => `- ${line}`), ...(ill.length > 0 && drift ? [''] : []), ...plan].join(
      '\n',
    ),
  };
}

function driftIn(planned: PlanText | Fault): string[] {
  if (planned instanceof Fault) return [`There is no plan: ${planned.what}.`];
  const { code: exitCode, renewal, byHand = [], markdown } = planned;
  if (exitCode !== PLAN.nothing && !renewal)
    return ['The next deploy would do this, unless services.config.ts says it first:', '', markdown];
  if (byHand.length === 0) return [];
  return ['Changed by hand, and no deploy sees it:', '', ...byHand.map((text) => `- ${code(text)}`)];
}

function illnesses({ services, missing = [], nodes, certificate, backup }: Status): string[] {
  const { daysLeft, problem, selfSigned, doubt } = certificate;
  return [
    ...services
      .filter(({ ok }) => !ok)
      .map(({ name, running, desired, health, problem: why }) => {
        const reason = why ? `: ${code(why)}` : '';
        return `service ${code(name)} is ${health}, ${running} of ${desired} run${reason}`;
      }),
    ...missing.map(({ name, problem }) => `service ${code(name)} ${problem}`),
    ...nodes
      .filter(({ state, availability }) => state !== 'ready' || availability !== 'active')
      .map(({ name, state, availability }) => `node ${code(name)} is ${state}, ${availability}`),
    ...(daysLeft !== null && daysLeft <= CERTIFICATE_DAYS
      ? [
          daysLeft < 0
            ? `the certificate expired ${-daysLeft} days ago`
            : `the certificate expires in ${daysLeft} days`,
        ]
      : []),
    ...(problem && !selfSigned ? [`the certificate: ${code(problem)}`] : []),
    ...(doubt === 'fallback' ? ['the certificate is the fallback, there is none from the ACME server'] : []),
    ...(backup?.problems ?? []).map((text) => `backups: ${code(text)}`),
  ];
}
