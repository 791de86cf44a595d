import { serviceRule } from './rule';

/** A published port bypasses most firewalls (it is forwarded, not received): only the ingress has one. */
export const onlyIngressPublishes = serviceRule('only-ingress-publishes', function* ({ props }) {
  if (props.ingress) return;
  for (const port of props.publishedPorts) {
    yield {
      problem: `publishes port ${port.published} of the node`,
      fix: 'remove the port; other services reach it by its name, people through nginx or an ssh tunnel',
    };
  }
});
