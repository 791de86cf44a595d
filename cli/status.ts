import './name-the-door';
import './name-the-stack';
import '../operations/status/main';
