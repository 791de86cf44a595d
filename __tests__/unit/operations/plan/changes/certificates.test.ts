import { certificatesOf } from '../../../../../operations/plan/changes/certificates';
import { certificateInWords } from '../../../../../operations/plan/text';
import type { PlanDocument } from '../../../../../operations/terraform/document';
import { makePair } from '../../../../support/programs/certificates';

const provided = makePair({ names: 'DNS:exam.test' });

const values = { validity_end_time: '2027-02-22T08:00:00.5Z', early_renewal_hours: 720 };
const made = (...changes: string[][]): PlanDocument => ({
  resource_changes: changes.map((actions) => ({
    type: 'tls_self_signed_cert',
    name: 'tls',
    change: { actions },
  })),
  prior_state: {
    values: { root_module: { resources: [{ type: 'tls_self_signed_cert', name: 'tls', values }] } },
  },
});
const on = (date: string) => new Date(`${date}T00:00:00Z`);
const said = (...given: Parameters<typeof certificatesOf>) =>
  certificatesOf(...given).map(certificateInWords);

test('a certificate that Terraform made is told with its end, and from when on a deploy renews it', () => {
  expect(said(made(), undefined, on('2026-11-24'))).toEqual([
    'certificate tls: valid until 2027-02-22 (90 days), a deploy from 2027-01-23 on renews it',
  ]);
});

test('one that this plan renews is told so', () => {
  expect(said(made(['delete', 'create']), undefined, on('2027-02-01'))).toEqual([
    'certificate tls: valid until 2027-02-22 (21 days, EXPIRES SOON), renewed by this deploy',
  ]);
});

test('one that is past its end is EXPIRED', () => {
  expect(said(made(), undefined, on('2027-02-23'))[0]).toMatch(/2027-02-22 \(EXPIRED\)/);
});

test('a provided one is read from its PEM, valid for 30 days here', () => {
  expect(certificatesOf({}, provided, new Date())).toMatchObject([
    { name: 'tls_certificate', what: 'provided', days: expect.closeTo(30, -0.5) },
  ]);
});

test('what is no certificate is left to the check before the deploy; without a state there is none', () => {
  expect(certificatesOf({}, { certificate: 'no PEM' }, new Date())).toEqual([]);
  expect(certificatesOf({}, undefined, new Date())).toEqual([]);
});
