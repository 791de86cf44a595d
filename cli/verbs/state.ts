import { defineVerb } from '../table/verb';
import { environment } from './common';

export const stateDoctor = defineVerb({
  name: 'state doctor',
  summary: 'proves that the state is locked, versioned and encrypted',
  details:
    'Tries where the state is kept: that a second writer is refused, that older states are kept, that it is encrypted. What it makes for that it removes again.',
  needs: 'stack',
  positionals: [],
  options: { environment },
  examples: ['state doctor', 'state doctor --environment staging'],
});

export const stateRecover = defineVerb({
  name: 'state recover',
  summary: 'rebuilds a lost state from what runs',
  details:
    'For a state that is lost, or a stack that Terraform did not make: finds what runs, and shows the plan that takes it over.',
  needs: 'server',
  positionals: [],
  options: {
    environment,
    import: {
      text: 'writes network, configs and services into the state; nothing changes on the server',
    },
  },
  examples: ['state recover', 'state recover --import'],
});
