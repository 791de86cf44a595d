import './name-the-declared';
import './name-the-endpoint';
import './name-the-stack';
import '../operations/status/main';
