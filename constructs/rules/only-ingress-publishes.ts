import { serviceRule } from './rule';

/**
 * A published port bypasses most firewalls (it is forwarded, not received): only the ingress has one.
 * @refuses a published port of any service but nginx and the edge
 * @fix remove the port: services reach each other by name, people through nginx or an ssh tunnel
 */
export const onlyIngressPublishes = serviceRule('only-ingress-publishes', function* ({ props }) {
  if (props.ingress) return;
  for (const port of props.publishedPorts) {
    yield {
      problem: `publishes port ${port.published} of the node`,
      fix: 'remove the port; other services reach it by its name, people through nginx or an ssh tunnel',
    };
  }
});
