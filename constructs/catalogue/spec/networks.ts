/** How an environment's services reach each other. To be said before its first deploy: a change replaces every service on a network. */
export interface NetworksSpec {
  /**
   * `true`: two networks. On the front are the edge, nginx and the applications, on the back the applications and the
   * backends; so nginx reaches no database. The back one leads nowhere else, not out of the server either.
   * @default false: one network for all
   * @example separate: true
   * @change replaces every application, job and backend, an outage that the plan refuses without ALLOW_DESTROY=1
   */
  readonly separate?: boolean;
  /**
   * `true`: what goes from one node to another is encrypted (IPsec; the nodes have to let each other's ESP, protocol 50,
   * through). Costs processor time, and nothing on a single node, where nothing goes to another.
   * @default false
   * @example encrypted: true
   * @change replaces the networks and every service, an outage that the plan refuses without ALLOW_DESTROY=1
   */
  readonly encrypted?: boolean;
}
