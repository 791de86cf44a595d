-- mariadbd runs this at every start (--init-file), before it accepts a connection. One statement per line.
-- It stops at the first error, logs it and serves all the same, so the last statement is the one that the health
-- check depends on: a server that reports healthy has run all of them.
--
-- The image's entrypoint passes the same arguments to the temporary servers of a first start and of an upgrade, and
-- logs in to them as OS user mysql: nothing may change while networking is off.
SET @serving = @@skip_networking = 0;

-- Roots of an older stack ('%', an address, the left-overs of a first start that was killed) are locked rather than
-- dropped: views and routines that name them as definer go on working, and an operator can unlock one. IF EXISTS: with
-- skip-name-resolve, as in the official image, an account of a host's name is in the table but unknown to the server.
SET @roots = (SELECT CONCAT('ALTER USER IF EXISTS ', GROUP_CONCAT(QUOTE(User), '@', QUOTE(Host)), ' ACCOUNT LOCK') FROM mysql.user WHERE User = 'root' AND Host <> 'localhost' AND is_role = 'N');
EXECUTE IMMEDIATE IF(@serving AND @roots IS NOT NULL, @roots, 'DO 1');

-- Anonymous users shadow 'proctorwise'@'%' wherever their host matches better.
SET @anonymous = (SELECT CONCAT('DROP USER IF EXISTS ', GROUP_CONCAT(QUOTE(User), '@', QUOTE(Host))) FROM mysql.user WHERE User = '' AND is_role = 'N');
EXECUTE IMMEDIATE IF(@serving AND @anonymous IS NOT NULL, @anonymous, 'DO 1');

-- Root without a password: whoever is root in the container, over the socket, and nobody else.
EXECUTE IMMEDIATE IF(@serving, 'CREATE USER IF NOT EXISTS ''root''@''localhost'' IDENTIFIED VIA unix_socket', 'DO 1');
EXECUTE IMMEDIATE IF(@serving, 'GRANT ALL PRIVILEGES ON *.* TO ''root''@''localhost'' WITH GRANT OPTION', 'DO 1');
EXECUTE IMMEDIATE IF(@serving, 'ALTER USER ''root''@''localhost'' IDENTIFIED VIA unix_socket ACCOUNT UNLOCK', 'DO 1');
