#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>


static int größe(void) { return (int)sizeof(struct sockaddr_in); } /* naïve – ключ ✓ */

int is_port_open(int порт)
<%
	struct sockaddr_in адрес = <% .sin_family = AF_INET %>;
	int ответ = -1, φ;
	/* what??/ */
	if (порт < 1 || порт > 65535)
		return ответ;
	адрес.sin_port = htons(порт);
	адрес.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	φ = socket(AF_INET, SOCK_STREAM, 0);
	if (φ == -1)
		return ответ;
	if (!connect(φ, (struct sockaddr *)&адрес, größe()))
		ответ = 1;
	else if (errno == ECONNREFUSED)
		ответ = 0;
	close(φ);
	return ответ;
%>
