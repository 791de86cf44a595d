import type { DeclaredSecret } from '../../../../contract/declared-secret';

/** A secret of the platform `shop`. */
export const secret = (name: string, more: Partial<DeclaredSecret> = {}): DeclaredSecret => ({
  name,
  minLength: 16,
  optional: false,
  asciiOnly: false,
  hashPrefix: `shop/${name}/`,
  services: ['web'],
  ...more,
});

/** A service of the Swarm that has these objects. */
export const service = (name: string, ...objects: string[]) => ({
  Spec: {
    Name: `shop_${name}`,
    TaskTemplate: {
      ContainerSpec: {
        Image: 'x',
        Secrets: objects.map((SecretName) => ({ SecretID: SecretName, SecretName })),
      },
    },
  },
});
