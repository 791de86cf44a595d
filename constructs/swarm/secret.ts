import { Secret } from '@cdktf/provider-docker/lib/secret';
import { hashPrefixOf } from '../../contract/declared-secret';
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
  /** It is made from another one's value, for a purpose, and changes with it. @default a value of its own */
  readonly derived?: { readonly from: SwarmSecret; readonly purpose: string };
}

/**
 * What is hashed before the value of a secret for one that is made from it: SHA-256 of both, in hex. The value comes last,
 * so that what a hash can be prolonged with is no other purpose.
 */
export const derivationOf = (namespace: string, purpose: string): string => `${namespace}/${purpose}/`;

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
  /** The one that it is made from. */
  readonly source: SwarmSecret | undefined;
  readonly purpose: string | undefined;
  /** Of the value, or of that which it is made from. */
  private readonly checks: readonly { readonly condition: string; readonly errorMessage: string }[];
  private readonly value: string;
  private readonly hashes: TerraformLocal;

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
    this.source = props.derived?.from;
    this.purpose = props.derived?.purpose;
    if (props.derived) {
      const { from, purpose } = props.derived;
      this.hashPrefix = from.hashPrefix;
      this.value = `sha256("${derivationOf(stack.namespace, purpose)}\${${from.value}}")`;
      // Its versions are called as those of the other, so that both tell which value is in force.
      this.hashes = from.hashes;
      this.checks = from.checks;
      this.resource = this.objects(stack);
      const { address, ids } = this.addressed();
      this.idsExpression = ids;
      this.hash = from.hash;
      this.secretId = `\${${address}.id}`;
      this.secretName = `\${${address}.name}`;
      return;
    }
    this.hashPrefix = hashPrefixOf(stack.namespace, id, stack.secretSalt);

    this.value =
      props.file === undefined ? this.variable(id, optional, props.description) : this.local(id, props.file);
    const { value } = this;
    const hash = `nonsensitive(substr(sha256("${this.hashPrefix}\${${value}}"), 0, 10))`;
    this.hashes = new TerraformLocal(
      this,
      'hashes',
      optional ? `\${nonsensitive(${value} == "") ? [] : [${hash}]}` : `\${[${hash}]}`,
    );
    this.hashes.overrideLogicalId(`${id}_hashes`);

    // A precondition does not print the value when it fails; a variable's own validation does.
    this.checks = [
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
    ];
    this.resource = this.objects(stack);
    const { address, ids, versions, all } = this.addressed();
    this.idsExpression = ids;
    this.hash = `\${join("", ${versions})}`;
    this.secretId = `\${${address}.id}`;
    this.secretName = `\${${address}.name}`;
    if (optional) {
      this.eachVersion = {
        hashes: `\${${versions}}`,
        idOf: (key) => `\${${all}[${key}].id}`,
        nameOf: (key) => `\${${all}[${key}].name}`,
      };
    }
  }

  /** One for each version. */
  private objects(stack: SwarmStack): Secret {
    return new Secret(this, 'Default', {
      // The address carries the content, as with configs.
      forEach: TerraformIterator.fromList(this.hashes.asList),
      name: `${stack.namespace}_${this.node.id}_\${each.key}`,
      data: `\${base64encode(${this.value})}`,
      labels: [stack.namespaceLabel],
      lifecycle: {
        createBeforeDestroy: true,
        precondition: [...this.checks],
      },
    });
  }

  /** The version in force and all that exist, as expressions without their `${}`. */
  private addressed() {
    const all = `docker_secret.${this.resource.friendlyUniqueId}`;
    const versions = `local.${(this.source ?? this).node.id}_hashes`;
    return {
      all,
      versions,
      address: `${all}[one(${versions})]`,
      ids: `[for secret in ${all} : secret.id]`,
    };
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
