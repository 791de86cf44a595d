import { defineVerb } from '../table/verb';

export const labUp = defineVerb({
  name: 'lab up',
  summary: 'the whole platform on a disposable Swarm on this machine',
  details:
    'Makes a Swarm of its own on this machine (Debian, as root), deploys the platform to it over ssh and asks each route. LAB_ENGINE_PATH names a folder with another Docker Engine.',
  cloneOnly: true,
  needs: 'catalogue',
  positionals: [],
  options: { compose: { text: "the compose form, as without Terraform's providers" } },
  examples: ['lab up', 'lab up --compose'],
});

export const labDown = defineVerb({
  name: 'lab down',
  summary: 'removes the lab and every trace of it',
  details: 'Ends the lab, and removes its disks, networks, users and files.',
  cloneOnly: true,
  needs: 'nothing',
  positionals: [],
  options: {},
  examples: ['lab down'],
});

export const labStop = defineVerb({
  name: 'lab stop',
  summary: 'stops the lab and keeps it',
  details: 'Nothing of the lab runs any more, everything is kept; `lab up` goes on from there.',
  cloneOnly: true,
  needs: 'nothing',
  positionals: [],
  options: {},
  examples: ['lab stop'],
});

export const labVps = defineVerb({
  name: 'lab vps',
  summary: 'the platform on a bare virtual machine',
  details: 'Starts a virtual machine as a bare server, and deploys the platform to it.',
  cloneOnly: true,
  needs: 'catalogue',
  positionals: [],
  options: {
    fresh: { text: 'begin with a bare server' },
    bare: { text: 'the same, without a deploy' },
    stop: { text: 'turn it off; its disk stays' },
  },
  examples: ['lab vps', 'lab vps --fresh', 'lab vps --stop'],
});

export const labVpsTest = defineVerb({
  name: 'lab vps-test',
  summary: 'tries on a virtual machine what is promised of a server',
  hidden: true,
  details: 'Each part begins with a bare server; a wrong name lists them.',
  cloneOnly: true,
  needs: 'catalogue',
  positionals: [{ name: 'part', text: 'only these parts', many: true, optional: true }],
  options: {},
  examples: ['lab vps-test', 'lab vps-test bare'],
});
