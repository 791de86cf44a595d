import { defineVerb } from '../table/verb';

export const labUp = defineVerb({
  name: 'lab up',
  summary: 'The whole platform on a disposable Swarm on this machine',
  needs: 'catalogue',
  positionals: [],
  options: { compose: { text: 'with `docker stack deploy` instead of Terraform' } },
  examples: ['lab up', 'lab up --compose'],
});

export const labDown = defineVerb({
  name: 'lab down',
  summary: 'Removes the lab and every trace of it',
  needs: 'nothing',
  positionals: [],
  options: {},
  examples: ['lab down'],
});

export const labStop = defineVerb({
  name: 'lab stop',
  summary: 'Ends all that runs in the lab; `lab up` goes on from there',
  needs: 'nothing',
  positionals: [],
  options: {},
  examples: ['lab stop'],
});

export const labVps = defineVerb({
  name: 'lab vps',
  summary: 'The platform on a virtual machine that starts as a bare server',
  needs: 'catalogue',
  positionals: [],
  options: {
    fresh: { text: 'from a bare server' },
    bare: { text: 'the same, without a deploy' },
    stop: { text: 'turns it off; its disk stays' },
  },
  examples: ['lab vps', 'lab vps --fresh', 'lab vps --stop'],
});

export const labVpsTest = defineVerb({
  name: 'lab vps-test',
  summary: 'Tries on a virtual machine what is promised about a server',
  needs: 'catalogue',
  positionals: [{ name: 'part', text: 'only these parts', many: true, optional: true }],
  options: {},
  examples: ['lab vps-test', 'lab vps-test bare'],
});
