import { defineVerb } from '../table/verb';

export const synth = defineVerb({
  name: 'synth',
  summary: 'writes the Terraform JSON to cdktf.out',
  details:
    'Checks the types, and writes the Terraform JSON of PLATFORM_ENVIRONMENT to cdktf.out (CDKTF_OUTDIR), as `cdktf synth` does.',
  needs: 'catalogue',
  positionals: [],
  options: {},
  examples: ['synth'],
});

export const providersLock = defineVerb({
  name: 'providers lock',
  summary: "writes the providers' checksums to .terraform.lock.hcl",
  details:
    "Asks Terraform's registry for the providers' checksums and writes .terraform.lock.hcl: commit it. Needs what ./proctor synth writes.",
  needs: 'catalogue',
  positionals: [],
  options: {},
  examples: ['providers lock'],
});

export const completion = defineVerb({
  name: 'completion',
  summary: 'prints a shell completion script',
  details:
    'Prints a script for Tab. It knows verbs and options, and the services, environments and secrets of services.config.ts. For bash and zsh: source <(./proctor completion bash); for fish: ./proctor completion fish | source',
  needs: 'nothing',
  positionals: [{ name: 'shell', text: 'the one that reads the script', choices: ['bash', 'zsh', 'fish'] }],
  options: {},
  examples: ['completion bash', 'completion zsh', 'completion fish'],
});
