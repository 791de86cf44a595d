import { describeLab } from '../../e2e/support/lab';

/** Faults while Terraform applies; skipped, with a loud word from the set-up, where its providers cannot be had. */
export const describeApply: jest.Describe = process.env.E2E_NO_TERRAFORM ? describe.skip : describeLab;
