import './name-the-stack';
import '../operations/rollback/main';
