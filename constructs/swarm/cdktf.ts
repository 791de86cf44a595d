/**
 * The one place that imports `cdktf`. HashiCorp archived it in December 2025; `cdktn` is the maintained fork with the same
 * exports, so that taking its place is a line in package.json. A test holds that.
 */
// Each nested block records an unlimited stack trace, 39 % of the time of a large synth, and only for the "created at"
// line of token errors. cdktn has a switch for it; cdktf 0.21 has this function alone.
process.env.CDKTN_DISABLE_CREATION_STACK ??= '1';
try {
  // A plain require, so that the bundle patches the copy it carries.
  require('cdktf/lib/tokens/private/stack-trace').captureStackTrace = () => [];
} catch {
  // Another version keeps it elsewhere: synth is then slower, never wrong.
}

export {
  App,
  AssetType,
  Lazy,
  LocalBackend,
  PgBackend,
  S3Backend,
  TerraformAsset,
  TerraformElement,
  TerraformIterator,
  TerraformLocal,
  TerraformOutput,
  TerraformStack,
  TerraformVariable,
  Token,
} from 'cdktf';
export { Construct, type IConstruct } from 'constructs';
