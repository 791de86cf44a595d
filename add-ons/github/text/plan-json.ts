/** The part of what `./proctor plan --json` prints that the steps read. */
interface PlanJson {
  readonly policy?: {
    readonly passes?: boolean;
    readonly missing?: readonly { readonly name: string }[];
  } | null;
  readonly plan?: {
    readonly services?: readonly {
      readonly service: string;
      readonly image?: object;
      readonly drift?: readonly string[];
    }[];
    readonly objects?: readonly { readonly kind: string }[];
  } | null;
  readonly byHand?: readonly string[];
}

export interface PlanFacts {
  /** Names of what the policy wants acknowledged. Undefined when it lets the plan pass. */
  readonly stoppedBy?: readonly string[];
  /** All of it is that the next deploy renews a self-signed certificate, as it should in the weeks before its end. */
  readonly renewal: boolean;
  /** What was changed by hand that no deploy sees, one line each. @default nothing */
  readonly byHand?: readonly string[];
}

/** What serves the certificate, and so rolls for a new one. */
const INGRESS = ['nginx', 'edge'];
const OF_A_PAIR = ['certificate', 'key', 'secret'];

export function readPlanFacts(json: string): PlanFacts {
  let document: PlanJson;
  try {
    document = JSON.parse(json) as PlanJson;
  } catch {
    return { renewal: false };
  }
  const { policy, plan, byHand = [] } = document;
  const { services = [], objects = [] } = plan ?? {};
  const missing = [...new Set((policy?.missing ?? []).map(({ name }) => name))];
  return {
    ...(policy?.passes === false ? { stoppedBy: missing } : {}),
    ...(byHand.length > 0 ? { byHand } : {}),
    renewal:
      objects.some(({ kind }) => kind === 'certificate') &&
      objects.every(({ kind }) => OF_A_PAIR.includes(kind)) &&
      services.every(
        ({ service, image, drift = [] }) => INGRESS.includes(service) && !image && drift.length === 0,
      ),
  };
}
