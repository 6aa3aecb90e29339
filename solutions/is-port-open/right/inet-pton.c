/* style: address from text with inet_pton */
#include <arpa/inet.h>
#include <errno.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define HOST "127.0.0.1"

int is_port_open(int port)
{
	struct sockaddr_in peer;
	int sockfd;
	int why;

	if (!(port > 0 && port < 65536))
		return -1;

	bzero(&peer, sizeof(peer));
	peer.sin_family = AF_INET;
	peer.sin_port = htons(port);
	if (inet_pton(AF_INET, HOST, &peer.sin_addr) != 1)
		return -1;

	sockfd = socket(AF_INET, SOCK_STREAM, 0);
	if (sockfd == -1)
		return -1;

	if (connect(sockfd, (struct sockaddr *)&peer, sizeof(peer)) != -1) {
		close(sockfd);
		return 1;
	}

	why = errno;
	close(sockfd);
	if (why != ECONNREFUSED)
		return -1;
	return 0;
}
