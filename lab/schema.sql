-- The table of userservice and analyticsservice, which make none themselves; the same in both databases. Can be run
-- again at any time.
CREATE TABLE IF NOT EXISTS records (
  id INT AUTO_INCREMENT PRIMARY KEY,
  kind VARCHAR(40) NOT NULL,
  content TEXT NOT NULL,
  made_by VARCHAR(64) NOT NULL,
  made_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
);
