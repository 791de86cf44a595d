import { serviceRule } from './rule';

/**
 * A port of the node has one holder: a second task would stay Pending, waiting for it.
 * @refuses more than one replica of a service that holds a port of the node
 * @fix one replica, or the edge in front
 */
export const hostPortReplicas = serviceRule('host-port-replicas', function* ({ props }) {
  const port = props.publishedPorts.find(({ mode }) => mode === 'host');
  if (port && props.replicas > 1) {
    yield {
      problem: `has ${props.replicas} replicas that all want port ${port.published} of the node`,
      fix: 'set replicas to 1, or put the edge in front',
    };
  }
});
