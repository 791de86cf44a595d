/** Docker's `mounts`. A volume is declared here and never as a resource: Terraform then has nothing that it could delete. */
export type Mount =
  | {
      readonly type: 'volume';
      /** Without the namespace: `mariadb_data` becomes `<platform>_mariadb_data`. */
      readonly name: string;
      readonly target: string;
      readonly readOnly?: boolean;
      /** Several tasks may write it at the same time. @default false: one task alone */
      readonly shared?: boolean;
      /** With the stack's label. Without it, a later change of the mount replaces no service. @default true, unless it is only read */
      readonly labelled?: boolean;
    }
  | { readonly type: 'tmpfs'; readonly target: string }
  | { readonly type: 'bind'; readonly source: string; readonly target: string; readonly readOnly?: boolean };
