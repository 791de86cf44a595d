import { defineVerb } from '../table/verb';

export const synth = defineVerb({
  name: 'synth',
  summary: 'Checks the catalogue and writes Terraform JSON to cdktf.out',
  details: 'What `cdktf synth` does, too. CDKTF_OUTDIR names another folder.',
  needs: 'catalogue',
  positionals: [],
  options: {},
  examples: ['synth'],
});

export const providersLock = defineVerb({
  name: 'providers lock',
  summary: 'Writes the checksums of the Terraform providers',
  details:
    'To .terraform.lock.hcl, for all systems that deploy, from the registry itself. Synthesize first, commit the file after.',
  needs: 'catalogue',
  positionals: [],
  options: {},
  examples: ['providers lock'],
});

export const completion = defineVerb({
  name: 'completion',
  summary: 'Prints a script for Tab: verbs, options, names of the catalogue',
  details:
    'It knows services, environments and secrets of services.config.ts. For bash: source <(./proctor completion bash)',
  needs: 'nothing',
  positionals: [{ name: 'shell', text: 'that the script is for', choices: ['bash', 'zsh', 'fish'] }],
  options: {},
  examples: ['completion bash', 'completion zsh', 'completion fish'],
});
