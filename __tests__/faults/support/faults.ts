import { describeLab } from '../../e2e/support/lab';

/** Faults while Terraform applies; skipped, with a loud word from the set-up, where it cannot. */
export const describeApply: jest.Describe = process.env.FAULTS_NO_APPLY ? describe.skip : describeLab;
