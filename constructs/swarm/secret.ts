import { Secret } from '@cdktf/provider-docker/lib/secret';
import { Construct, TerraformIterator, TerraformLocal, TerraformVariable } from './cdktf';
import { hcl, literal } from './hcl';
import { SwarmStack } from './stack';

/** Something that a service can mount under /run/secrets. */
export interface MountableSecret {
  /** Without the namespace and the hash, as in the catalogue. */
  readonly node: { readonly id: string };
  /** The id of the version in force, as an expression. */
  readonly secretId: string;
  readonly secretName: string;
  /** List of the ids that exist, as an expression without its `${}`; what gates refer to. */
  readonly idsExpression: string;
  /** Present where the secret may be absent: mount one for each of these hashes. */
  readonly eachVersion?: { readonly hashes: string; idOf(key: string): string; nameOf(key: string): string };
}

export interface SwarmSecretProps {
  /** A file on the machine that runs Terraform, relative to the project, in place of a variable. @default the variable `<id>` */
  readonly file?: string;
  /** Fewest characters of the value. Short values can be guessed from the hash in the object's name. @default 16 */
  readonly minLength?: number;
  /** An empty or absent value then makes no secret, and no service gets one. @default false */
  readonly optional?: boolean;
  /** Refuse everything but printable ASCII: PyMySQL sends passwords as latin-1, others could never log in. @default false */
  readonly asciiOnly?: boolean;
  /** Refuse carriage returns, and a line break at the end: an editor left them, no password has one. @default false */
  readonly noLineEnd?: boolean;
  /** What it is, in the prompt and in errors. @default none */
  readonly description?: string;
}

/**
 * A secret whose value is the sensitive variable `<id>` (`TF_VAR_<id>`) and nowhere in the synthesized JSON. Its name
 * ends in a hash of the value, so that a new value is a new object: `<platform>_<id>_<10 hex>`.
 */
export class SwarmSecret extends Construct implements MountableSecret {
  readonly resource: Secret;
  readonly secretId: string;
  readonly secretName: string;
  readonly idsExpression: string;
  readonly eachVersion?: NonNullable<MountableSecret['eachVersion']>;
  /** The 10 hex digits in the name, as an expression; empty where there is no value. */
  readonly hash: string;
  /** What is hashed before the value, so that two secrets with one value do not look alike. */
  readonly hashPrefix: string;

  constructor(scope: Construct, id: string, props: SwarmSecretProps = {}) {
    super(scope, id);
    if (!/^[a-z][a-z0-9_]*$/.test(id)) {
      throw new Error(
        `${this.node.path}: a secret's name is also a variable's name\n  use lower-case letters, digits and _, for example db_password`,
      );
    }
    const stack = SwarmStack.of(this);
    const minLength = props.minLength ?? 16;
    const optional = props.optional ?? false;
    this.hashPrefix = [stack.namespace, id, ...(stack.secretSalt ? [stack.secretSalt] : []), ''].join('/');

    const value =
      props.file === undefined ? this.variable(id, optional, props.description) : this.local(id, props.file);
    const hash = `nonsensitive(substr(sha256("${this.hashPrefix}\${${value}}"), 0, 10))`;
    const hashes = new TerraformLocal(
      this,
      'hashes',
      optional ? `\${nonsensitive(${value} == "") ? [] : [${hash}]}` : `\${[${hash}]}`,
    );
    hashes.overrideLogicalId(`${id}_hashes`);

    this.resource = new Secret(this, 'Default', {
      // The address carries the content, as with configs.
      forEach: TerraformIterator.fromList(hashes.asList),
      name: `${stack.namespace}_${id}_\${each.key}`,
      data: `\${base64encode(${value})}`,
      labels: [stack.namespaceLabel],
      lifecycle: {
        createBeforeDestroy: true,
        // A precondition does not print the value when it fails; a variable's own validation does.
        precondition: [
          {
            condition: `\${length(${value}) >= ${minLength}}`,
            errorMessage: `${props.file ?? `TF_VAR_${id}`} has fewer than ${minLength} character${minLength === 1 ? '' : 's'}. Give it a longer value; nothing was changed.`,
          },
          ...(props.asciiOnly
            ? [
                {
                  condition: `\${can(regex("^[ -~]*$", ${value}))}`,
                  errorMessage: `${props.file ?? `TF_VAR_${id}`} has characters that are not printable ASCII. Give it another value; nothing was changed.`,
                },
              ]
            : []),
          ...(props.noLineEnd
            ? [
                {
                  condition: `\${!can(regex("\\\\r|\\\\n$", ${value}))}`,
                  errorMessage: `${props.file ?? `TF_VAR_${id}`} has a line break at its end or a carriage return. Give it without; nothing was changed.`,
                },
              ]
            : []),
        ],
      },
    });
    const address = `docker_secret.${this.resource.friendlyUniqueId}`;
    const local = `local.${id}_hashes`;
    this.idsExpression = `[for secret in ${address} : secret.id]`;
    this.hash = `\${join("", ${local})}`;
    this.secretId = `\${${address}[one(${local})].id}`;
    this.secretName = `\${${address}[one(${local})].name}`;
    if (optional) {
      this.eachVersion = {
        hashes: `\${${local}}`,
        idOf: (key) => `\${${address}[${key}].id}`,
        nameOf: (key) => `\${${address}[${key}].name}`,
      };
    }
  }

  private variable(id: string, optional: boolean, description = `the secret ${id}`): string {
    const variable = new TerraformVariable(this, 'value', {
      type: 'string',
      sensitive: true,
      nullable: false,
      description,
      ...(optional ? { default: '' } : {}),
    });
    variable.overrideLogicalId(id);
    return `var.${id}`;
  }
  /** A local: Terraform refuses a precondition that refers to nothing. Sensitive, as a variable would be. */
  private local(id: string, file: string): string {
    // Terraform runs in cdktf.out/stacks/<stack>.
    const path = file.startsWith('/') ? file : `../../../${file}`;
    const local = new TerraformLocal(this, 'file', `\${sensitive(file(${hcl(literal(path))}))}`);
    local.overrideLogicalId(`${id}_file`);
    return `local.${id}_file`;
  }
}
