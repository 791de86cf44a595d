import { createHash } from 'node:crypto';

/** A secret that is made from another one's value. How it is made is none. */
export interface DerivedSecret {
  /** As its object has it, without the namespace: `db_password_userservice`. */
  readonly name: string;
  /** What it is made from: `TF_VAR_<from>`. */
  readonly from: string;
  /** What is hashed before that one's value. */
  readonly derivation: string;
}

/** SHA-256, in hex, as Terraform makes it for the secret. */
export const derivedValue = (derivation: string, value: string): string =>
  createHash('sha256').update(`${derivation}${value}`).digest('hex');

/** Those of a stack as JSON, for what Terraform runs beside it: a gate shows what programs say, and knows no stack. */
export const DERIVED_SECRETS = 'DERIVED_SECRETS';
