import './name-the-stack';
import '../operations/status/main';
