import { NullProvider } from '@cdktf/provider-null/lib/provider';
import type { HostSettings } from '../../contract/host';
import { type Connection, type Construct, PROVIDER_VERSIONS, type StateSpec } from '../swarm';
import { TerraformStack } from '../swarm/cdktf';
import { useState } from '../swarm/state';
import { hostErrors } from './host-errors';
import type { HostSpec } from './host-spec';
import { PinnedServer, RemoteStep } from './remote-step';
import { stepScript } from './scripts';
import { stepsOf } from './steps';

export interface HostStackProps {
  readonly spec: HostSpec;
  /** The platform's name in this environment. */
  readonly name: string;
  readonly connection: Connection;
  /** What the server must prove to be, `<kind> <base64>`; undefined refuses every plan of this stack. */
  readonly hostKey: string | undefined;
  /** TCP ports that clients use. */
  readonly publicPorts: readonly number[];
  readonly state: StateSpec;
}

/**
 * The server itself, one step after the other. No other stack refers to it: a server that was prepared by hand needs
 * none of it, and `cdktf deploy swarm` never waits for it.
 *
 * Terraform does not look at a server, so it knows only that a step has run; `./proctor deploy` looks, and runs again
 * what has drifted.
 */
export class HostStack extends TerraformStack {
  constructor(scope: Construct, id: string, props: HostStackProps) {
    const errors = hostErrors(props.spec);
    if (errors.length > 0) throw new Error(errors.join('\n'));
    super(scope, id);
    new NullProvider(this, 'null');
    this.addOverride('terraform.required_providers.null.version', PROVIDER_VERSIONS.null);
    this.addOverride('terraform.required_version', '>= 1.5.0');
    useState(this, apart(props.state, id));

    const server = new PinnedServer(this, props.connection, props.hostKey);
    const { url, sshOptions } = props.connection;
    // For `./proctor deploy`; Terraform ignores what is under `//`.
    const steps = stepsOf(props);
    const settings: HostSettings = { server: url, sshOptions, steps: steps.map(({ step }) => step) };
    this.addOverride('//.host', settings);
    let after: RemoteStep | undefined;
    for (const step of steps) {
      after = new RemoteStep(this, step.step, { server, script: stepScript(step), after });
    }
  }
}

/** A schema holds one state: in the platform's, each stack would take the other's objects for its own. */
const apart = (state: StateSpec, id: string): StateSpec =>
  state.kind === 'pg' && state.schema !== undefined
    ? { ...state, schema: `${state.schema}_${id.replaceAll('-', '_')}` }
    : state;
