import { beyondDefaults } from '../units/capability';
import { serviceRule } from './rule';

/**
 * Whoever takes over a program has what its container may do: Docker gives 14 capabilities where nothing is said.
 * @refuses a service that does not drop all of Docker's capabilities, or adds `ALL` or one that Docker gives nobody by itself
 * @fix try it with `./proctor doctor hardening <service>`, then set capDrop: ['ALL'], and capAdd for the few that it needs
 */
export const leastPrivilege = serviceRule('least-privilege', function* ({ props, node }) {
  if (!props.capDrop.includes('ALL')) {
    yield {
      problem:
        "runs with Docker's default capabilities: whoever takes it over may change owners, send raw packets, become any user",
      fix: props.stateful
        ? "set capDrop: ['ALL'] where the service is declared, with capAdd for its entrypoint: often CHOWN, DAC_OVERRIDE, SETGID, SETUID"
        : `try it: ./proctor doctor hardening ${node.id}; then set capDrop: ['ALL'], with capAdd for what it needs`,
    };
  }
  const beyond = beyondDefaults(props.capAdd);
  if (beyond.includes('ALL')) {
    yield {
      problem:
        "adds ALL capabilities, also those that capDrop takes away: whoever takes it over has the node's kernel",
      fix: 'name in capAdd the few that it needs',
    };
  } else if (beyond.length > 0) {
    yield {
      problem: `adds ${beyond.join(', ')}, which Docker gives nobody by itself: with some of them whoever takes it over has the node`,
      fix: `leave it out of capAdd, or write why it is needed: acknowledge: { 'least-privilege': '…' }`,
    };
  }
});
