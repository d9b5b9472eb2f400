import socket

from service.http.protocol import listen


def test_listening_socket_is_tcp_so_that_answers_leave_at_once() -> None:
    with listen("127.0.0.1", 0) as listener:
        assert listener.proto == socket.IPPROTO_TCP


def test_ipv6_hosts_can_be_listened_on() -> None:
    with listen("::1", 0) as listener:
        assert listener.family == socket.AF_INET6
