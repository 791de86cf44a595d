import './name-the-stack';
import '../operations/emergency/main';
