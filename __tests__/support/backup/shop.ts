import { spawn } from 'node:child_process';
import type { TestMariadb } from '../../real/operations/provision/mariadb';

/** Two databases with all that a dump can get wrong; what is in both must always agree. */
export const SHOP = ['shop_orders', 'shop_stock'] as const;

const everyByte = Buffer.from([...Array(256).keys()]);
const leadBytes = Buffer.from(
  [0x81, 0xc2, 0xdf, 0xe3, 0xf0, 0xff]
    .flatMap((lead) => [0x00, 0x0a, 0x0d, 0x1a, 0x22, 0x27, 0x5c].map((escaped) => [lead, escaped, lead]))
    .flat(),
);

const SCHEMA = `
SET NAMES utf8mb4;
CREATE DATABASE shop_orders CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE DATABASE shop_stock CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
USE shop_orders;
CREATE TABLE orders (id INT PRIMARY KEY AUTO_INCREMENT, text VARCHAR(2000), at TIMESTAMP(6) DEFAULT CURRENT_TIMESTAMP(6),
  amount DECIMAL(20,6), d DOUBLE, data BLOB, j JSON, twice INT AS (id * 2) VIRTUAL) ENGINE=InnoDB;
CREATE TABLE entries (id INT PRIMARY KEY AUTO_INCREMENT, order_id INT NULL, parent INT NULL,
  CONSTRAINT of_order FOREIGN KEY (order_id) REFERENCES orders (id),
  CONSTRAINT of_parent FOREIGN KEY (parent) REFERENCES entries (id)) ENGINE=InnoDB;
CREATE TABLE \`odd \`\`name-ß\` (id INT PRIMARY KEY, \`sel ect\` TEXT) ENGINE=InnoDB;
CREATE TABLE empty (id INT PRIMARY KEY) ENGINE=InnoDB;
CREATE TABLE bytes (id INT PRIMARY KEY AUTO_INCREMENT, b BLOB, f BINARY(4), bits BIT(11), l VARCHAR(300) CHARACTER SET latin1,
  s VARCHAR(300) CHARACTER SET sjis, place GEOMETRY, u UUID, ip INET6) ENGINE=InnoDB;
CREATE SEQUENCE numbers START WITH 100;
CREATE TABLE log (id INT PRIMARY KEY AUTO_INCREMENT, of_order INT) ENGINE=InnoDB;
CREATE VIEW total AS SELECT COUNT(*) AS n, MAX(id) AS newest FROM orders;
CREATE USER IF NOT EXISTS owner@'%' IDENTIFIED BY 'x';
GRANT ALL ON shop_orders.* TO owner@'%';
CREATE DEFINER=owner@'%' VIEW of_owner AS SELECT n FROM total;
CREATE DEFINER=owner@'%' VIEW of_that AS SELECT n FROM of_owner;
CREATE VIEW of_total AS SELECT n FROM total;
INSERT INTO orders (text, amount, d, data, j) VALUES
  ('a ''quoted'' "text" \\\\ back\\nline -- Current Database: \`shop_stock\`', 1.5, 0.1, x'00ff27225c0a0d1a', '{"a": 1}'),
  ('\\n-- Current Database: \`shop_stock\`\\nUSE \`shop_stock\`;', -1, 1e300, x'', NULL), (NULL, NULL, NULL, NULL, NULL),
  ('日本語 😀', 99999999999999.999999, -0.0, REPEAT(x'0a', 3000), '[]');
INSERT INTO entries (id, order_id, parent) VALUES (1, 1, NULL), (2, 1, 1), (3, 2, 2);
INSERT INTO \`odd \`\`name-ß\` VALUES (1, 'x');
-- Each byte; and those that begin a character of several before each that is escaped.
INSERT INTO bytes (b, f, bits, l, s, place, u, ip) VALUES (x'${everyByte.toString('hex')}', x'ff00275c', b'10100100111',
  CONVERT(x'${everyByte.toString('hex')}' USING latin1), x'835c955c81408e5c', ST_GeomFromText('POINT(1.5 -39.25)'), UUID(), '::27:5c');
INSERT INTO bytes (b) VALUES (x'${leadBytes.toString('hex')}');
DELIMITER //
CREATE TRIGGER logged AFTER INSERT ON orders FOR EACH ROW BEGIN
-- Current Database: \`shop_stock\`
  INSERT INTO log (of_order) VALUES (NEW.id);
END //
CREATE FUNCTION double_of(n INT) RETURNS INT DETERMINISTIC RETURN n * 2 //
CREATE PROCEDURE nothing() BEGIN SELECT 1; END //
CREATE EVENT sweep ON SCHEDULE EVERY 1 DAY DO DELETE FROM log WHERE id < 0 //
DELIMITER ;
USE shop_stock;
CREATE TABLE items (id INT PRIMARY KEY AUTO_INCREMENT, name VARCHAR(100)) ENGINE=InnoDB;
INSERT INTO items (name) VALUES ('one');
CREATE TABLE taken (id INT PRIMARY KEY AUTO_INCREMENT, order_id INT) ENGINE=InnoDB;
`;

export const makeShop = (mariadb: TestMariadb): Promise<string> => mariadb.sql(SCHEMA);

/** Rows in bulk that do not compress away: about this many MiB. */
export const fill = (mariadb: TestMariadb, mebibytes: number): Promise<string> =>
  mariadb.sql(`USE shop_stock; CREATE TABLE IF NOT EXISTS shop_stock.bulk (id INT PRIMARY KEY AUTO_INCREMENT, a INT, data VARBINARY(1024)) ENGINE=InnoDB;
    INSERT INTO shop_stock.bulk (a, data) SELECT seq, CONCAT(RANDOM_BYTES(768), REPEAT('x', 256)) FROM seq_1_to_${mebibytes * 900};`);

/** Orders, each in one transaction with what it takes from the stock, until it is stopped. */
export class Writer {
  private readonly child;
  private acknowledged = 0;

  constructor(mariadb: TestMariadb) {
    const { folder } = mariadb;
    this.child = spawn(
      'sh',
      [
        '-c',
        `n=0; while :; do n=$((n + 1)); echo "START TRANSACTION; INSERT INTO shop_orders.orders (text) VALUES ('w$n'); INSERT INTO shop_stock.taken (order_id) VALUES ($n); COMMIT; SELECT $n;"; done | ${folder}/mariadb --user=root --unbuffered --batch --skip-column-names`,
      ],
      { stdio: ['ignore', 'pipe', 'ignore'], detached: true },
    );
    this.child.stdout.on('data', (chunk: Buffer) => {
      const lines = chunk.toString().trim().split('\n');
      this.acknowledged = Number(lines.at(-1)) || this.acknowledged;
    });
  }

  /** How many orders the server has acknowledged. */
  get count(): number {
    return this.acknowledged;
  }

  async until(count: number): Promise<void> {
    for (let tries = 0; this.acknowledged < count; tries++) {
      if (tries > 6000) throw new Error(`${this.acknowledged} of ${count} orders`);
      await new Promise((done) => setTimeout(done, 10));
    }
  }

  async stop(): Promise<number> {
    const closed = new Promise((done) => this.child.once('close', done));
    process.kill(-this.child.pid!, 'SIGKILL');
    await closed;
    return this.acknowledged;
  }
}
