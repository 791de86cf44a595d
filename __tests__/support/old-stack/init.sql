-- What the image's MYSQL_DATABASE and MYSQL_USER do not make.
CREATE DATABASE IF NOT EXISTS proctorwise_reservations CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE DATABASE IF NOT EXISTS proctorwise_monitoring CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE DATABASE IF NOT EXISTS proctorwise_corrections CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE DATABASE IF NOT EXISTS proctorwise_notifications CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE DATABASE IF NOT EXISTS proctorwise_analytics CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
GRANT ALL PRIVILEGES ON `proctorwise\_%`.* TO 'proctorwise'@'%';
USE proctorwise_users;
CREATE TABLE records (
  id INT AUTO_INCREMENT PRIMARY KEY,
  kind VARCHAR(40) NOT NULL,
  content TEXT NOT NULL,
  made_by VARCHAR(64) NOT NULL,
  made_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
);
INSERT INTO records (kind, content, made_by)
SELECT 'user', REPEAT(MD5(seq), 8), 'init.sql' FROM seq_1_to_5000;
